// The desk's page in two browsers on two real stations. page.mjs LAB.json FOLDER, from run.py
import { mkdirSync, readFileSync } from "node:fs";
import { launch, Officer } from "./browser.mjs";
import * as days from "./flows.mjs";
import * as pairing from "./flows_pairing.mjs";
import * as papers from "./flows_papers.mjs";
import * as practices from "./flows_practice.mjs";
import * as sheets from "./flows_sheets.mjs";

const flows = { ...days, ...papers, ...pairing, ...practices, ...sheets };

const lab = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];
const only = process.argv.slice(4);
mkdirSync(folder, { recursive: true });
const browser = await launch(folder);
let failed = false;
const began = Date.now();
let flow = "opening";
const desks = {};
try {
  const north = (desks.north = await Officer.open(browser, { link: lab.parties[0].link, folder, name: "north" }));
  const south = (desks.south = await Officer.open(browser, { link: lab.parties[1].link, folder, name: "south", locale: "ar" }));
  Object.assign(north, { initials: "AB" });
  Object.assign(south, { initials: "CD", notNow: "ليس الآن", practise: "تدرَّب" });
  flow = "first run";
  await flows.firstRun(north, "AB");
  await flows.firstRun(south, "CD", "ar");
  const day = ["glance", "reload", "watch", "talk", "acknowledge", "flash", "drill", "notLive", "lostSend", "cover", "operators", "papers", "protocolSheet", "notes", "handOverSheet", "draftChange", "secondSeat", "pairing", "pairingByCode", "practice", "ownPassphrase", "locks"];
  for (const name of only.length > 0 ? only : day) {
    flow = name;
    await flows[name]({ north, south, lab, browser });
    north.clean();
    south.clean();
    console.log(`ok ${name} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
  }
  console.log(`axe: ${north.axed + south.axed} screens, 0 violations`);
} catch (error) {
  failed = true;
  console.log(`FAILED ${flow}: ${error.stack ?? error}`);
  for (const desk of Object.values(desks)) {
    await desk.shot("failed").catch(() => {});
    if (desk.faults.length > 0) console.log(`${desk.name}: ${desk.faults.join(" | ")}`);
  }
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);
