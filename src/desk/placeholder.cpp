namespace sw {}
