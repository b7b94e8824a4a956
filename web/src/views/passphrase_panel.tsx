import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { PASSPHRASE_LEAST } from "./first_run";
import { Dialog, Field, formValue } from "./parts";
import { Refused } from "./refused";

/** Another passphrase of one's own: the old one proves who sits here. */
export function PassphrasePanel({ desk, state }: ViewProps): JSX.Element {
  const [differ, tell] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const body = { old: formValue(form, "old"), new: formValue(form, "passphrase") };
    const same = body.new === formValue(form, "again");
    tell(!same);
    if (!same) return;
    form.reset();
    desk.set({ busy: true });
    void desk.try(() => desk.call("POST", "seat/passphrase", body)).then((done) => desk.set({ busy: false, ...(done ? { panel: null } : {}) }));
  };
  return (
    <Dialog title={t("change-passphrase")} close={() => desk.panel(null)}>
      <form class="sheet-form" onSubmit={submit}>
        <p class="hint">{t("change-passphrase-says")}</p>
        <Field label={t("passphrase-old")}>
          <input name="old" type="password" required maxLength={1024} autocomplete="current-password" autofocus />
        </Field>
        <Field label={t("passphrase-new")} hint={t("passphrase-hint")}>
          <input name="passphrase" type="password" required minLength={PASSPHRASE_LEAST} maxLength={1024} autocomplete="new-password" />
        </Field>
        <Field label={t("passphrase-again")}><input name="again" type="password" required maxLength={1024} autocomplete="new-password" /></Field>
        {differ && <p class="needs" role="alert">{t("passphrases-differ")}</p>}
        <p class="actions"><button class="primary" disabled={state.busy}>{t("change-passphrase")}</button></p>
      </form>
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}
