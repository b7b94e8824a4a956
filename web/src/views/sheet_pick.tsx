import type { JSX } from "preact";
import { fetchSheet, insert } from "../desk_sheets";
import { mayWrite, type Draft } from "../state/compose";
import { isEmpty, PARTS } from "../state/sheet";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Hostile } from "./parts";

/** The agreed words beside the text that is written: one press puts them where the cursor is. */
export function SheetPick({ desk, state, line, draft }: ViewProps & { line: string; draft: Draft }): JSX.Element {
  const sheet = state.sheets.get(line);
  const piece = (text: string, code = false): JSX.Element => (
    <button type="button" class={code ? "code" : ""} dir="auto" disabled={!mayWrite(draft)} onClick={() => insert(desk, line, text)}><Hostile text={text} /></button>
  );
  return (
    <details class="sheet-pick" key={line} onToggle={(e) => { if (e.currentTarget.open) void fetchSheet(desk, line); }}>
      <summary>{t("sheet")}</summary>
      {sheet && isEmpty(sheet) && <p class="hint">{t("sheet-none")}</p>}
      {sheet && !isEmpty(sheet) && <p class="hint">{t("insert-says")}</p>}
      <div class="pieces">
        {sheet && PARTS.filter((part) => sheet[part].length > 0).map((part) => (
          <section key={part} aria-label={t(`sheet-${part}`)}>
            <h3>{t(`sheet-${part}`)}</h3>
            <ul>
              {sheet[part].map((entry, i) => (
                <li key={i}>{entry.code !== undefined && piece(entry.code, true)} {piece(entry.ours)} {piece(entry.theirs)}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </details>
  );
}
