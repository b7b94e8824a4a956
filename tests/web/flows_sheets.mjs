// What a side keeps for itself: protocol sheets, notes, the sheet of a watch, drafts that are written anew.
import { request } from "node:http";
import { join } from "node:path";
import { require } from "./browser.mjs";

/** Another seat's doing, by the station's own user. */
const ask = (party, method, path, body) =>
  new Promise((done, fail) => {
    const headers = body ? { "Content-Type": "application/json" } : {};
    const asked = request({ socketPath: join(party.home, "station.sock"), path: `/api/v1/${path}`, method, headers }, async (answer) => {
      let text = "";
      for await (const piece of answer) text += piece;
      if (answer.statusCode === 200) done(JSON.parse(text));
      else fail(new Error(`${path}: ${text}`));
    });
    asked.on("error", fail);
    asked.end(body && JSON.stringify(body));
  });
const get = (party, path) => ask(party, "GET", path);
const post = (party, path, body) => ask(party, "POST", path, body);

/** Three widths of what is open over the desk. */
async function widths(officer, screen) {
  await officer.seen(`${screen}-desk`);
  await officer.size(1920, 1080);
  await officer.shot(`${screen}-wall`);
  await officer.size(390, 844);
  await officer.seen(`${screen}-narrow`);
  await officer.size(1440, 900);
}

const closed = (officer) => officer.page.locator("dialog > header button").click();

/** The sheet of a line is written at one desk, read, and its words are put into a text. */
export async function protocolSheet({ north, south, lab }) {
  const { page } = north;
  await page.locator(".list-pane > header button", { hasText: "Protocol sheet" }).click();
  await page.locator("dialog .empty").waitFor();
  await page.locator("dialog .actions button").click();
  const parts = page.locator("dialog .entries");
  for (const i of [0, 1, 2]) await parts.nth(i).locator(":scope > button").click();
  const fill = async (i, name, text) => parts.nth(i).locator(`[name=${name}]`).fill(text);
  await fill(0, "ours", "Minister of Defence");
  await fill(0, "theirs", "وزير الدفاع");
  await fill(1, "ours", "Your Excellency");
  await fill(1, "theirs", "معالي الوزير");
  await fill(2, "code", "BLUE 7");
  await fill(2, "ours", "We hold where we are");
  await fill(2, "theirs", "نثبت في أماكننا \u202Enot this");
  await widths(north, "sheet-form");
  await page.locator("dialog .primary").click();
  await page.locator("dialog .agreed .hidden-character", { hasText: "U+202E" }).waitFor();
  await widths(north, "sheet");

  // Another seat writes the sheet while it is changed here: that is said, and theirs is shown.
  await page.locator("dialog .actions button").click();
  const [party, far] = lab.parties;
  const sheet = { titles: [{ ours: "Adviser", theirs: "المستشار" }], salutations: [], phrases: [{ code: "BLUE 7", ours: "We hold", theirs: "نثبت" }] };
  await post(party, `lines/${party.line}/sheet`, { ...sheet, initials: "RR" });
  await page.locator("dialog .primary").click();
  await page.locator("dialog .refused", { hasText: "changed since you read it" }).waitFor();
  await page.locator("dialog .agreed", { hasText: "Adviser" }).waitFor();
  await north.seen("sheet-old");
  await page.locator("dialog form .quiet").last().click();
  await page.locator("dialog .hands", { hasText: "RR" }).waitFor();
  await closed(north);

  await page.fill("#text", "We say: .");
  await page.locator("#text").evaluate((field) => field.setSelectionRange(8, 8));
  await page.locator(".sheet-pick summary").click();
  await page.locator(".sheet-pick .code", { hasText: "BLUE 7" }).click();
  require((await page.inputValue("#text")) === "We say: BLUE 7.", `the phrase is where the cursor was: ${await page.inputValue("#text")}`);
  await page.keyboard.type(", or");
  await page.locator(".sheet-pick button", { hasText: "نثبت" }).click();
  require((await page.inputValue("#text")) === "We say: BLUE 7, or نثبت.", "one writes on behind it");
  await north.seen("sheet-pick");
  await page.fill("#text", "");
  await page.locator(".sheet-pick summary").click();

  await post(far, `lines/${far.line}/sheet`, { ...sheet, initials: "CD" });
  await south.page.locator(".list-pane > header button", { hasText: "المراسم" }).click();
  await south.page.locator("dialog .agreed").first().waitFor();
  await widths(south, "sheet");
  await closed(south);
}

/** What is left for the next watch about a line. */
export async function notes({ north, lab }) {
  const { page } = north;
  const [party] = lab.parties;
  await page.locator(".list-pane > header button", { hasText: "Notes" }).click();
  await page.locator("dialog .empty").waitFor();
  await page.fill("dialog textarea", "They change the watch at six.\nAsk for the list of ships.");
  await page.locator("dialog .primary").click();
  await page.locator("dialog .notes .text", { hasText: "list of ships" }).waitFor();
  require((await page.inputValue("dialog textarea")) === "", "a note that is kept leaves its field");
  await post(party, `lines/${party.line}/notes`, { text: "السفن في الميناء \u202Enot this", initials: "RR" });
  await page.fill("dialog textarea", "Good night.");
  await page.locator("dialog .primary").click();
  await page.locator("dialog .notes li", { hasText: "RR" }).locator(".hidden-character").waitFor();
  require((await page.locator("dialog .notes li").count()) === 3, "all notes, each once");
  await widths(north, "notes");
  await closed(north);
}

/** Before the watch is handed over, what it hands over is read; and it can be printed. */
export async function handOverSheet({ north, south }) {
  const { page } = north;
  for (const officer of [north, south]) {
    await officer.page.locator(".watch-here button").click();
    if (officer === north) require((await page.locator("dialog [name=initials]").count()) === 0, "no watch is handed over without its sheet");
    await officer.page.locator("dialog .actions button", { hasText: officer === north ? "Hand-over sheet" : "ورقة التسليم" }).click();
    await officer.page.locator("dialog .watch-sheet .ledger li").first().waitFor();
    await widths(officer, "hand-over");
  }
  await page.locator("dialog .watch-sheet .notes .text", { hasText: "list of ships" }).waitFor();
  await page.emulateMedia({ media: "print" });
  require(!(await page.locator(".room > main").isVisible()) && (await page.locator(".watch-sheet").isVisible()), "on paper there is the sheet, and nothing else");
  require(!(await page.locator("dialog [name=initials]").isVisible()), "a form is not printed");
  await north.shot("hand-over-paper");
  await page.emulateMedia({ media: null });
  await closed(south);
  await page.fill("dialog [name=initials]", "RR");
  await page.locator("dialog form button").click();
  await north.until("the next watch", async () => (await north.text(".watch-here")).includes("RR"));
}

/** A drafter writes a draft anew; over a version that they have not read, nothing is kept. */
export async function draftChange({ north, lab }) {
  const { page } = north;
  const [party] = lab.parties;
  await page.keyboard.press("F4");
  await page.fill("#text", "The ships may sail.");
  await page.locator(".composer footer button", { hasText: "Keep as a draft" }).click();
  const draft = page.locator(".draft", { hasText: "The ships may" });
  const form = page.locator(".kept > form");
  await draft.locator("button", { hasText: "Change" }).click();
  await form.locator("textarea").fill("The ships may not sail.");
  await form.locator("[name=precedence]").selectOption("priority");
  await form.locator(".primary").click();
  await draft.locator(".text", { hasText: "may not sail" }).waitFor();
  require((await draft.locator(".precedence").textContent()) === "PRIORITY", "its precedence is the new one");

  await draft.locator("button", { hasText: "Change" }).click();
  await form.locator("textarea").fill("The ships may not sail today.");
  const { drafts } = await get(party, `drafts?line=${party.line}`);
  await post(party, `drafts/${drafts[0].id}/change`, { text: "The ships may stay.", initials: "AB" });
  await form.locator(".primary").click();
  await page.locator(".refused", { hasText: "changed since you read it" }).waitFor();
  await draft.locator(".text", { hasText: "may stay" }).waitFor();
  require((await form.locator("textarea").inputValue()) === "The ships may not sail today.", "what was written is still in its field");
  await north.seen("draft-old");
  await form.locator(".primary").click(); // now they have read it
  await draft.locator(".text", { hasText: "not sail today" }).waitFor();

  await draft.locator("button", { hasText: "Change" }).click();
  await form.locator("textarea").fill("The ships wait.");
  await post(party, `drafts/${drafts[0].id}/discard`, { initials: "AB" });
  await page.locator(".kept [role=alert]").waitFor();
  require((await form.locator("textarea").inputValue()) === "The ships wait.", "what was written is not lost with the draft");
  await north.seen("draft-gone");
  await form.locator(".quiet").click();
  await page.locator(".kept").waitFor({ state: "detached" });
}
