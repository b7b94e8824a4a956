// The page's words, one file a language, each complete (test/words.test.ts). Only the chosen one is fetched.
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

export const LANGUAGES = { en: "English", ar: "العربية", ru: "Русский", fr: "Français", es: "Español", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

const files = import.meta.glob<string>("./*.ftl", { query: "?raw", import: "default" });

let bundle = new FluentBundle("en");
let language: Language = "en";

export const isLanguage = (value: string): value is Language => value in LANGUAGES;
export const currentLanguage = (): Language => language;

/** The first of the wanted languages that there is; else English. */
export function choose(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const short = tag.toLowerCase().split("-")[0] ?? "";
    if (isLanguage(short)) return short;
  }
  return "en";
}

/** Digits stay Latin in every language: clocks and groups are read aloud between desks. */
export async function speak(wanted: Language): Promise<void> {
  const load = files[`./${wanted}.ftl`];
  if (!load) return;
  const next = new FluentBundle(`${wanted}-u-nu-latn`);
  next.addResource(new FluentResource(await load()));
  bundle = next;
  language = wanted;
  document.documentElement.lang = wanted;
  document.documentElement.dir = wanted === "ar" ? "rtl" : "ltr";
}

/** A word or sentence. A key without words shows itself; the tests let none through. */
export function t(key: string, args?: Record<string, FluentVariable>): string {
  const message = bundle.getMessage(key);
  return message?.value ? bundle.formatPattern(message.value, args ?? null) : key;
}
