// What needs more than one person on one side: release, translation, read-back; and files, answers, search.
import { readFileSync } from "node:fs";
import { Officer, require } from "./browser.mjs";
import { anotherLink, signIn, write } from "./flows.mjs";

async function seat({ north, lab, browser }, initials) {
  const officer = await Officer.open(browser, { link: anotherLink(lab.parties[0], lab), folder: north.folder, name: initials });
  await officer.page.locator("form.sheet").waitFor();
  await signIn(officer, initials);
  await officer.page.locator(".room .line").first().waitFor();
  await officer.page.locator(".list-pane").waitFor();
  return officer;
}

/** What is FLASH goes by a second officer; the other side reads it back; three persons translate the answer. */
export async function papers(all) {
  const { north, south } = all;
  const { page } = north;
  await write(north, "Hold your ships where they are.", { precedence: "flash" });
  require((await north.text(".composer .primary")).startsWith("Offer"), "FLASH is offered, not sent");
  await north.seen("composer-flash");
  await page.keyboard.press("Control+Enter");
  await page.locator(".draft.offered", { hasText: "Hold your ships" }).waitFor();
  require((await page.locator(".draft .primary").count()) === 0, "the drafter does not release");
  const releaser = await seat(all, "RR");
  await releaser.page.locator(".draft.offered", { hasText: "Hold your ships" }).waitFor();
  await releaser.seen("release");
  await releaser.page.locator(".draft .primary").click();
  await page.locator(".draft").waitFor({ state: "detached" });
  await south.page.locator(".row.in", { hasText: "Hold your ships" }).waitFor();

  await south.page.locator(".row.in", { hasText: "Hold your ships" }).locator("button").click();
  await south.page.fill(".read-back textarea", "السفن تبقى في مكانها.");
  await south.page.locator(".read-back form button").click();
  await page.locator(".row.out", { hasText: "Hold your ships" }).locator("button").click();
  await page.locator(".read-back .text", { hasText: "السفن" }).waitFor();
  await north.seen("read-back");
  await page.locator(".read-back .primary").click();
  await south.page.locator(".read-back-confirmed").waitFor();

  await south.page.locator(".one-message .actions button", { hasText: "F4" }).click();
  await south.page.fill("#text", "تبقى السفن في مكانها حتى السادسة.");
  await south.page.keyboard.press("Control+Enter");
  const answer = page.locator(".row.in", { hasText: "حتى السادسة" });
  await answer.locator("button").click();
  await page.locator(".row.out", { hasText: "Hold your ships" }).filter({ hasText: "answered" }).waitFor();
  await page.locator(".translation button").first().click();
  await page.fill(".translation textarea", "The ships stay where they are until six.");
  await page.selectOption(".translation select", "en");
  await page.locator(".translation .primary").click();
  await page.locator(".translation .text", { hasText: "until six" }).waitFor();
  require((await page.locator(".translation button", { hasText: "Reviewed" }).count()) === 0, "the translator does not review");
  for (const [officer, word] of [[await seat(all, "II"), "Reviewed"], [releaser, "Certify"]]) {
    await officer.page.locator(".row.in", { hasText: "حتى السادسة" }).locator("button").click();
    await officer.page.locator(".translation button", { hasText: word }).click();
    await officer.until(word, async () => (await officer.page.locator(".translation button", { hasText: word }).count()) === 0);
    await officer.seen(`translation-${word.toLowerCase()}`);
    officer.clean();
    await officer.context.close();
  }

  await page.locator("details.file summary").click();
  await page.setInputFiles("details.file input", { name: "positions.txt", mimeType: "text/plain", buffer: Buffer.from("57 N 20 E\n") });
  const file = south.page.locator(".row.in", { hasText: "positions.txt" });
  await file.locator("button").click();
  const [saved] = await Promise.all([south.page.waitForEvent("download"), south.page.locator(".one-message .file button").click()]);
  require(readFileSync(await saved.path(), "utf8") === "57 N 20 E\n", "the file is what was sent");
  await south.seen("file");

  await page.fill(".search input", "SHIPS");
  await page.keyboard.press("Enter");
  await page.locator(".search output").waitFor();
  require((await page.locator(".row").count()) === 2, "the search finds the text and the translation");
  await north.seen("search");
  await page.fill(".search input", "");
  await page.locator(".search output").waitFor({ state: "detached" });
}
