import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { discard, offer, release } from "../desk_papers";
import { draftsOf, mayRelease, samePerson, type KeptDraft } from "../state/drafts";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { DraftChange } from "./draft_change";
import { Hostile, Time } from "./parts";

/** What is kept for this line and not yet released: whole, because who releases it answers for every word. */
export function Drafts({ desk, state, line }: ViewProps & { line: string }): JSX.Element | null {
  const drafts = draftsOf(state.kept, line);
  const initials = desk.initials();
  const [changing, change] = useState<KeptDraft | null>(null);
  const gone = changing !== null && changing.line === line && !drafts.some((d) => d.id === changing.id);
  if (drafts.length === 0 && !gone) return null;
  return (
    <section class="kept" aria-label={t("drafts")}>
      <h3>{t("drafts")}</h3>
      {changing?.line === line && <DraftChange key={changing.id} desk={desk} draft={changing} gone={gone} done={() => change(null)} />}
      <ul>
        {drafts.map((d) => {
          const own = samePerson(d.drafter, initials);
          return (
            <li key={d.id} class={`draft grade-${d.grade} precedence-${d.precedence}${d.offered ? " offered" : ""}`}>
              <p class="row-head">
                <b dir="ltr">{d.drafter}</b> <Time ms={d.changed_ms} />
                <span class="precedence">{t(`precedence-${d.precedence}`)}</span>
                <span class="grade">{t(`grade-${d.grade}`)}</span>
                {d.exercise && <span class="mark">{t("mark-EXERCISE")}</span>}
                <span>{t(d.offered ? "draft-offered" : "draft-private")}</span>
              </p>
              <div class="text" dir="auto" tabIndex={0}><Hostile text={d.text} /></div>
              <p class="actions">
                {mayRelease(d, initials, desk.may("release")) && (
                  <button type="button" class="primary" onClick={() => void release(desk, d)}>{t("release")}</button>
                )}
                {own && changing?.id !== d.id && <button type="button" onClick={() => change(d)}>{t("change")}</button>}
                {own && !d.offered && <button type="button" onClick={() => void offer(desk, d)}>{t("offer")}</button>}
                {own && <button type="button" class="quiet" onClick={() => void discard(desk, d)}>{t("discard")}</button>}
                {d.needs_second && d.offered && own && <span class="hint">{t("waits-for-second")}</span>}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
