import type { JSX } from "preact";
import { t } from "../words/words";
import type { ViewProps } from "./app";

const CODES = ["usage", "malformed", "out_of_range", "not_found", "full", "io", "conflict", "old", "refused", "locked", "no_station"];

/** What the station refused: what to do, in the operator's language, and the station's own sentence below. */
export function Refused({ desk, state }: ViewProps): JSX.Element | null {
  if (!state.note) return null;
  const code = CODES.includes(state.note.code) ? state.note.code : "other";
  return (
    <div class="refused" role="alert">
      <p>{t(`refusal-${code.replace("_", "-").replace("_", "-")}`)}</p>
      {state.note.detail && <p class="detail" lang="en" dir="ltr">{state.note.detail}</p>}
      <button type="button" class="quiet" onClick={() => desk.set({ note: null })}>{t("close")}</button>
    </div>
  );
}
