import { describe, expect, it } from "vitest";
import { modulesOf, readCode, type Pixels } from "../src/qr";
import { cardIn, outline, within } from "../src/state/card";

// About as long as a card with several addresses.
const card = `SW1-CARD:${"aZ09_-".repeat(40)}`;

/** The modules as a picture, each some pixels wide, turned and paled as a camera sees it. */
function pictureOf(modules: boolean[][], scale: number, turn = 0, dark = 0, light = 255): Pixels {
  const side = Math.ceil(modules.length * scale * 1.5);
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dx, dy] = [x - side / 2, y - side / 2];
      const mx = Math.floor((dx * cos + dy * sin) / scale + modules.length / 2);
      const my = Math.floor((dy * cos - dx * sin) / scale + modules.length / 2);
      const value = modules[my]?.[mx] ? dark : light;
      data.fill(value, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return { width: side, height: side, data };
}

describe("a card's QR code", () => {
  it("says the card, byte for byte, also small, turned and pale", () => {
    const modules = modulesOf(card);
    for (const picture of [pictureOf(modules, 4), pictureOf(modules, 3), pictureOf(modules, 5, 0.3), pictureOf(modules, 5, Math.PI), pictureOf(modules, 4, 0, 90, 190)]) {
      expect(readCode(picture)).toBe(card);
    }
  });
  it("is no larger than what the command line shows on a terminal of 65 columns", () => {
    expect(modulesOf(card).length).toBeLessThanOrEqual(65);
  });
  it("is not seen where there is none", () => {
    expect(readCode({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(128) })).toBeNull();
    expect(readCode({ width: 1, height: 1, data: new Uint8ClampedArray(4) })).toBeNull();
  });
  it("is drawn module for module", () => {
    expect(outline([[true, true, false], [false, false, true]])).toBe("M0 0h2v1h-2zM2 1h1v1h-1z");
  });
  it("is taken for a card only when it is one", () => {
    expect(cardIn(`${card}\n`)).toBe(card);
    for (const other of ["https://example.org", "SW1-INVITE:abc", "SW1-CARD:", "SW1-CARD:a b", `x${card}`, ""]) expect(cardIn(other), other).toBeNull();
  });
  it("is looked for in a picture of bounded size", () => {
    expect([within(4000, 3000, 2000), within(300, 200, 2000), within(9000, 1, 900)]).toEqual([
      { width: 2000, height: 1500 }, { width: 300, height: 200 }, { width: 900, height: 1 }]);
  });
});
