// Text from outside, made visible: what changes direction, joins, hides or controls shows as its number. Nothing is removed.

/** Characters that draw nothing or move what others draw; the set of the station's `is_hidden`, and all private and unassigned ones. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFFA0\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u;

export interface Piece {
  text: string;
  hidden: boolean;
}

export const SHOWN_LIMIT = 20_000; // characters of one text on the page

const number = (c: string): string => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** The text in pieces, at most `limit` characters of it; `cut` says how many are left out. */
export function visible(text: string, limit = SHOWN_LIMIT): { pieces: Piece[]; cut: number } {
  const pieces: Piece[] = [];
  let plain = "";
  let shown = 0;
  let used = 0;
  for (const c of text) {
    if (shown >= limit) break;
    used += c.length;
    shown += 1;
    if (c === "\r" && text[used] === "\n") continue;
    if (c !== "\n" && c !== "\t" && HIDDEN.test(c)) {
      if (plain) pieces.push({ text: plain, hidden: false });
      plain = "";
      pieces.push({ text: number(c), hidden: true });
    } else {
      plain += c;
    }
  }
  if (plain) pieces.push({ text: plain, hidden: false });
  return { pieces, cut: text.length - used };
}

/** One line of it, for lists and names. */
export function oneLine(text: string, limit: number): string {
  const { pieces, cut } = visible(text.replace(/[\r\n\t]+/g, " "), limit);
  return pieces.map((p) => (p.hidden ? `<${p.text}>` : p.text)).join("") + (cut > 0 ? "\u2026" : "");
}
