/// <reference types="vitest/config" />
import { defineConfig } from "vite";

// The page lies in the binary and is served with CSP `default-src 'self'` and `no-store`: nothing inline, no data: URLs, names
// without hashes.
export default defineConfig({
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: true,
    rollupOptions: {
      output: { entryFileNames: "desk.js", chunkFileNames: ({ name }) => (name === "qr" ? "qr.js" : "words-[name].js"), assetFileNames: "desk[extname]" },
    },
  },
  // By number: a bare machine may know no name for itself.
  server: { host: "127.0.0.1" },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
