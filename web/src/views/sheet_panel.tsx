import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Sheet } from "../api/types";
import { fetchSheet, keepSheet } from "../desk_sheets";
import { CODE_LIMIT, ENTRY_LIMIT, isEmpty, PARTS, rowsOf, withRow, type Part, type Row } from "../state/sheet";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Dialog, Hostile, Name, Time } from "./parts";
import { Refused } from "./refused";

/** What is agreed to be said on a line; read by everybody who reads the line, written by who may have the watch. */
export function SheetPanel({ desk, state, line }: ViewProps & { line: string }): JSX.Element {
  const [base, change] = useState<Sheet | null>(null);
  useEffect(() => void fetchSheet(desk, line), []);
  const sheet = state.sheets.get(line);
  return (
    <Dialog title={t("sheet")} close={() => desk.panel(null)} class="wide">
      <p class="big"><Name text={line} /></p>
      <p class="hint">{t("sheet-says")}</p>
      {/* Who writes over another one's sheet has seen it. */}
      {sheet && (base === null || base.at_ms !== sheet.at_ms) && <Agreed sheet={sheet} />}
      {sheet && base !== null && <SheetForm desk={desk} state={state} line={line} base={base} done={() => change(null)} />}
      {sheet && base === null && desk.may("watch") && (
        <p class="actions"><button type="button" onClick={() => change(sheet)}>{t("change")}</button></p>
      )}
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}

function Agreed({ sheet }: { sheet: Sheet }): JSX.Element {
  if (isEmpty(sheet)) return <p class="empty">{t("sheet-none")}</p>;
  return (
    <>
      {PARTS.filter((part) => sheet[part].length > 0).map((part) => (
        <table key={part} class="agreed">
          <caption>{t(`sheet-${part}`)}</caption>
          <thead>
            <tr>
              {part === "phrases" && <th scope="col">{t("sheet-code")}</th>}
              <th scope="col">{t("sheet-ours")}</th>
              <th scope="col">{t("sheet-theirs")}</th>
            </tr>
          </thead>
          <tbody>
            {sheet[part].map((entry, i) => (
              <tr key={i}>
                {part === "phrases" && <th scope="row"><bdi><Hostile text={entry.code ?? ""} /></bdi></th>}
                <td><bdi><Hostile text={entry.ours} /></bdi></td>
                <td><bdi><Hostile text={entry.theirs} /></bdi></td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      {sheet.at_ms !== null && <p class="hands">{t("sheet-by")} <b dir="ltr">{sheet.initials}</b> <Time ms={sheet.at_ms} day /></p>}
    </>
  );
}

function SheetForm({ desk, line, base, done }: ViewProps & { line: string; base: Sheet; done: () => void }): JSX.Element {
  const [read, reread] = useState(base);
  const [rows, edit] = useState<Row[]>(rowsOf(base));
  const set = (key: number, change: Partial<Row>): void => edit(rows.map((r) => (r.key === key ? { ...r, ...change } : r)));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void keepSheet(desk, line, rows, read).then((good) => (good ? done() : reread(desk.state.sheets.get(line) ?? read)));
  };
  return (
    <form class="sheet-form" onSubmit={submit}>
      {PARTS.map((part) => (
        <fieldset key={part} class="entries">
          <legend>{t(`sheet-${part}`)}</legend>
          {rows.filter((r) => r.part === part).map((row, i) => (
            <Entry key={row.key} row={row} number={i + 1} set={(change) => set(row.key, change)} remove={() => edit(rows.filter((r) => r !== row))} />
          ))}
          <button type="button" class="quiet" onClick={() => edit(withRow(rows, part))}>{t("add-entry")}</button>
        </fieldset>
      ))}
      <p class="actions">
        <button class="primary">{t("keep")}</button>
        <button type="button" class="quiet" onClick={done}>{t("back")}</button>
      </p>
    </form>
  );
}

function Entry({ row, number, set, remove }: { row: Row; number: number; set: (change: Partial<Row>) => void; remove: () => void }): JSX.Element {
  const field = (name: "code" | "ours" | "theirs", limit: number): JSX.Element => (
    <input name={name} required maxLength={limit} dir="auto" autocomplete="off" spellcheck={false} value={row[name]} placeholder={t(`sheet-${name}`)}
      aria-label={`${t(`sheet-${name}`)} ${number}`} onInput={(e) => set({ [name]: e.currentTarget.value })} />
  );
  const part: Part = row.part;
  return (
    <div class={`entry ${part}`}>
      {part === "phrases" && field("code", CODE_LIMIT)}
      {field("ours", ENTRY_LIMIT)}
      {field("theirs", ENTRY_LIMIT)}
      <button type="button" class="quiet" aria-label={`${t("remove-entry")} ${number}`} onClick={remove}>{t("remove-entry")}</button>
    </div>
  );
}
