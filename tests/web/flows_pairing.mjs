// Cards that cross as pictures: a photograph of the other desk, and the camera.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { require } from "./browser.mjs";

const QUIET = 8;

/** What a camera before the other screen sees, as the file that Chromium takes for its camera. */
async function beforeCamera(officer, other) {
  const { size, path } = await other.page.locator(".card-code").evaluate((svg) => ({ size: svg.viewBox.baseVal.width, path: svg.querySelector("path").getAttribute("d") }));
  const [width, height] = [640, 480];
  const scale = Math.floor((height - QUIET) / size);
  const [left, top] = [(width - size * scale) >> 1, (height - size * scale) >> 1];
  const luma = Buffer.alloc(width * height, 200);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = 0; row < scale; row++) {
      const from = (top + Number(y) * scale + row) * width + left + Number(x) * scale;
      luma.fill(40, from, from + Number(run) * scale);
    }
  }
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc(width * height / 2, 128)]);
  writeFileSync(join(officer.folder, "camera.y4m"), Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}

const readers = (officer) => officer.page.evaluate(() => performance.getEntriesByType("resource").filter((r) => r.name.endsWith("/qr.js")).length);
const theirs = (officer) => officer.page.inputValue("dialog .theirs");
const own = (officer) => officer.page.inputValue("dialog .own-card .card");

export async function pairingByCode({ north, south }) {
  require((await readers(south)) === 0, "the reader comes with the pairing screen only");
  for (const { page } of [north, south]) {
    await page.locator(".lines-foot button").click();
    await page.fill("dialog [name=line]", "by code");
    await page.fill("dialog [name=at]", "127.0.0.1:7145");
    await page.locator("dialog .primary").click();
    await page.locator("dialog .card-code").waitFor();
  }
  require((await readers(south)) === 1, "the reader is here now");

  const pictured = (buffer) => south.page.setInputFiles(".their-card input", { name: "photo.png", mimeType: "image/png", buffer });
  await pictured(await north.page.locator("dialog > header").screenshot());
  await south.page.locator(".their-card .needs:not(:empty)").waitFor();
  require((await theirs(south)) === "", "nothing is taken from a picture without a code");
  await south.page.setInputFiles(".their-card input", { name: "large.card", mimeType: "text/plain", buffer: Buffer.alloc(65 * 1024, "A") });
  await south.page.locator(".their-card .needs", { hasText: "ليست بطاقة" }).waitFor();
  require((await theirs(south)) === "", "nothing is taken from a file that is no card");
  await pictured(await north.page.locator(".card-code").screenshot());
  await south.until("the card from the picture", async () => (await theirs(south)) !== "");
  require((await theirs(south)) === (await own(north)), "the picture says the card");
  await south.seen("pair-code");

  await beforeCamera(north, south);
  const camera = north.page.locator(".their-card button");
  await north.context.grantPermissions(["camera"]);
  await camera.click();
  await north.until("the card from the camera", async () => (await theirs(north)) !== "");
  require((await theirs(north)) === (await own(south)), "the camera says the card");
  await north.page.locator("video").waitFor({ state: "detached" });
  await north.context.clearPermissions();
  for (const [width, height, name] of [[1920, 1080, "wall"], [390, 844, "narrow"], [1440, 900, "desk"]]) {
    await north.size(width, height);
    await north.seen(`pair-code-${name}`);
  }

  for (const { page } of [north, south]) {
    await page.locator("dialog .primary").click();
    await page.locator("#check-number").waitFor();
  }
  require((await north.text("#check-number")) === (await south.text("#check-number")), "both read the same number");
  for (const { page } of [north, south]) {
    await page.locator("dialog .danger").click();
    await page.locator("dialog").waitFor({ state: "detached" });
  }
}
