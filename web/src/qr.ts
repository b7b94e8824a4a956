// Cards as pictures: drawn as QR codes, and read. A chunk of its own: only the pairing screen fetches it.
import encodeQR from "qr";
import decodeQR from "qr/decode.js";

export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray; // red, green, blue, alpha
}

/** As `stillwire pair offer --qr` draws it: correction of the lowest level, because a screen is clean, and four modules of quiet. */
export const modulesOf = (text: string): boolean[][] => encodeQR(text, "raw", { ecc: "low", border: 4 });

/** What the QR code in it says; null where none is seen whole. */
export function readCode(pixels: Pixels): string | null {
  try {
    return decodeQR(pixels);
  } catch {
    return null;
  }
}
