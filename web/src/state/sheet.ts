// The protocol sheet of a line: its entries as rows that somebody changes, and an entry put into a text.
import type { Sheet, SheetEntry } from "../api/types";

export const PARTS = ["titles", "salutations", "phrases"] as const;
export type Part = (typeof PARTS)[number];

export interface Row extends Required<SheetEntry> {
  key: number; // the same as long as it is edited
  part: Part;
}

export const ENTRY_LIMIT = 500;
export const CODE_LIMIT = 32;

export const isEmpty = (sheet: Sheet): boolean => PARTS.every((part) => sheet[part].length === 0);

export const rowsOf = (sheet: Sheet): Row[] =>
  PARTS.flatMap((part) => sheet[part].map((e) => ({ part, code: e.code ?? "", ours: e.ours, theirs: e.theirs }))).map((row, key) => ({ key, ...row }));

export const withRow = (rows: readonly Row[], part: Part): Row[] => [
  ...rows,
  { key: 1 + Math.max(-1, ...rows.map((r) => r.key)), part, code: "", ours: "", theirs: "" },
];

/** What the API takes. A row in which nothing was written is none. */
export function sheetBody(rows: readonly Row[]): Record<Part, SheetEntry[]> {
  const body: Record<Part, SheetEntry[]> = { titles: [], salutations: [], phrases: [] };
  for (const row of rows) {
    const [code, ours, theirs] = [row.code.trim(), row.ours.trim(), row.theirs.trim()];
    if (code + ours + theirs === "") continue;
    body[row.part].push(row.part === "phrases" ? { code, ours, theirs } : { ours, theirs });
  }
  return body;
}

/** Two pieces of text need a space between them, but for scripts that write none. */
const apart = (before: string, after: string): boolean =>
  before !== "" && after !== "" && !/[\s\p{Ps}\p{Script=Han}]$/u.test(before) && !/^[\s\p{Po}\p{Pe}\p{Script=Han}]/u.test(after);

/** The text with the piece in the place of what is selected, and where one writes on. */
export function inserted(text: string, from: number, to: number, piece: string): { text: string; at: number } {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const head = before + (apart(before, piece) ? " " : "") + piece;
  return { text: head + (apart(piece, after) ? " " : "") + after, at: head.length };
}
