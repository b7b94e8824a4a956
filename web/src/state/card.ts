// A card as it is handed over: its text, and the picture of it.

const CARD = /^SW1-CARD:[A-Za-z0-9_-]+$/;

/** The card that a QR code or a file says, or null: another code is not taken for one. */
export function cardIn(text: string): string | null {
  const trimmed = text.trim();
  return CARD.test(trimmed) ? trimmed : null;
}

/** The dark modules as a path, a run of a row at a time. */
export function outline(modules: readonly (readonly boolean[])[]): string {
  let path = "";
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      path += `M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`;
    }
  });
  return path;
}

/** The size of a picture whose longer side is at most the limit. */
export function within(width: number, height: number, limit: number): { width: number; height: number } {
  const by = Math.min(1, limit / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) };
}
