import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Grade, Precedence } from "../api/types";
import { changeDraft } from "../desk_papers";
import { changeOf, otherVersion, type KeptDraft } from "../state/drafts";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { GRADES, PRECEDENCES } from "./composer";
import { Field, formValue } from "./parts";

/** Its drafter writes it anew. Over a version that they have not read, nothing is kept. */
export function DraftChange({ desk, draft, gone, done }: Pick<ViewProps, "desk"> & { draft: KeptDraft; gone: boolean; done: () => void }): JSX.Element {
  const [first] = useState(draft); // what the fields began with
  const [read, reread] = useState(draft);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const change = changeOf(read, {
      text: formValue(form, "text").replace(/\r\n/g, "\n"),
      grade: formValue(form, "grade") as Grade,
      precedence: formValue(form, "precedence") as Precedence,
      exercise: formValue(form, "exercise") !== "",
    });
    if (change === null) return done();
    void changeDraft(desk, read, change).then((kept) => (kept ? done() : reread(otherVersion(desk.state.kept, read) ?? read)));
  };
  return (
    <form class="sheet-form" aria-label={t("change")} onSubmit={submit}>
      {gone && <p class="needs" role="alert">{t("draft-gone")}</p>}
      <Field label={t("text")}>
        <textarea name="text" required rows={4} dir="auto" spellcheck={false} defaultValue={first.text} ref={field} />
      </Field>
      {first.offered && <p class="hint">{t("change-draft-says")}</p>}
      <div class="row-form">
        <Field label={t("grade")}>
          <select name="grade">{GRADES.map((g) => <option key={g} value={g} selected={g === first.grade}>{t(`grade-${g}`)}</option>)}</select>
        </Field>
        <Field label={t("precedence")}>
          <select name="precedence">{PRECEDENCES.map((p) => <option key={p} value={p} selected={p === first.precedence}>{t(`precedence-${p}`)}</option>)}</select>
        </Field>
        <label class="check"><input type="checkbox" name="exercise" value="yes" defaultChecked={first.exercise} /> {t("mark-EXERCISE")}</label>
      </div>
      <p class="actions">
        <button class="primary" disabled={gone}>{t("keep")}</button>
        <button type="button" class="quiet" onClick={done}>{t("back")}</button>
      </p>
    </form>
  );
}
