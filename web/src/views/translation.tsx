import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Message } from "../api/types";
import { review, translate } from "../desk_papers";
import { nextStep } from "../state/drafts";
import { LANGUAGES, t } from "../words/words";
import type { ViewProps } from "./app";
import { Field, formValue, Hostile } from "./parts";

/** Beside the original, which stays authoritative: the translation, who made it, reviewed it and certified it. */
export function Translation({ desk, state, full }: ViewProps & { full: Message }): JSX.Element | null {
  const [writing, write] = useState(false);
  if (full.translation === undefined || !desk.may("translate")) return null;
  const translation = full.translation;
  const step = nextStep(translation, desk.initials());
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void translate(desk, full.id, formValue(form, "language"), formValue(form, "text")).then((done) => done && write(false));
  };
  return (
    <section class="translation" aria-label={t("translation")}>
      {translation && (
        <>
          <h3>{t("translation")} <span class="hint">{t("original-counts")}</span></h3>
          <div class="text" dir="auto" lang={translation.language} tabIndex={0}><Hostile text={translation.text} /></div>
          <p class="hands">
            {t("translated-by")} <b dir="ltr">{translation.translator}</b>
            {" · "}{t("reviewed-by")} {translation.reviewer ? <b dir="ltr">{translation.reviewer}</b> : t("nobody")}
            {" · "}{t("certified-by")} {translation.certifier ? <b dir="ltr">{translation.certifier}</b> : t("nobody")}
          </p>
        </>
      )}
      <p class="actions">
        {step === "translate" && !writing && <button type="button" onClick={() => write(true)}>{t("translate")}</button>}
        {translation && (step === "review" || step === "certify") && (
          <button type="button" onClick={() => void review(desk, full.id, step, translation.version)}>{t(step === "review" ? "review" : "certify")}</button>
        )}
        {translation && !translation.certifier && !writing && <button type="button" class="quiet" onClick={() => write(true)}>{t("translate-anew")}</button>}
      </p>
      {writing && (
        <form class="sheet-form" onSubmit={submit}>
          <Field label={t("language")}>
            <select name="language">
              {Object.entries(LANGUAGES).map(([code, name]) => <option key={code} value={code} lang={code} selected={code === state.language}>{name}</option>)}
            </select>
          </Field>
          <Field label={t("translation")}><textarea name="text" required rows={4} dir="auto" defaultValue={translation?.text ?? ""} /></Field>
          <p class="actions">
            <button class="primary">{t("keep")}</button>
            <button type="button" class="quiet" onClick={() => write(false)}>{t("close")}</button>
          </p>
        </form>
      )}
    </section>
  );
}
