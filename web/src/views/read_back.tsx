import type { JSX } from "preact";
import type { Message } from "../api/types";
import { confirmReadBack, readBack } from "../desk_papers";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Field, formValue, Hostile } from "./parts";

/** FLASH and IMMEDIATE are read back: the receiver says in own words what was understood, the sender says whether it is right. */
export function ReadBack({ desk, state, message }: ViewProps & { message: Message }): JSX.Element | null {
  const at = message.read_back ?? null;
  if (at === null) return null;
  const given = [...state.picture.messages.values()].filter((m) => m.kind === "read-back" && m.ref === message.id).pop();
  const text = given && state.texts.get(given.id)?.text;
  const ours = message.direction === "in" && (at === "asked" || at === "wrong") && desk.may("stage");
  const theirs = message.direction === "out" && at === "given" && desk.may("stage");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void readBack(desk, message.id, formValue(form, "text")).then((done) => done && form.reset());
  };
  return (
    <section class={`read-back read-back-${at}`} aria-label={t("read-back")}>
      <h3>{t("read-back")}: <span class={at === "wrong" || ours || theirs ? "needs" : ""}>{t(`read-back-${at}`)}</span></h3>
      {given && <div class="text" dir="auto" tabIndex={0}>{text === undefined ? t("fetching") : <Hostile text={text} />}</div>}
      {theirs && (
        <p class="actions">
          <button type="button" class="primary" onClick={() => void confirmReadBack(desk, message.id, true)}>{t("read-back-good")}</button>
          <button type="button" class="danger" onClick={() => void confirmReadBack(desk, message.id, false)}>{t("read-back-bad")}</button>
        </p>
      )}
      {ours && (
        <form class="row-form" onSubmit={submit}>
          <Field label={t("read-back-says")}><textarea name="text" required rows={2} dir="auto" /></Field>
          <button>{t("read-back-give")}</button>
        </form>
      )}
    </section>
  );
}
