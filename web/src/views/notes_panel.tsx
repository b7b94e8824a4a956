import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { LineNote } from "../api/types";
import { addNote, notesOf } from "../desk_sheets";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Dialog, Field, formValue, Hostile, Name, Time } from "./parts";
import { Refused } from "./refused";

const NOTE_LIMIT = 4096;

/** What one watch leaves for the next about a line. */
export function NotesPanel({ desk, state, line }: ViewProps & { line: string }): JSX.Element {
  const [notes, set] = useState<LineNote[] | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const fetchAll = (): Promise<boolean> => desk.try(async () => set(await notesOf(desk, line)));
  useEffect(() => void fetchAll(), []);
  // The newest is at the end, beside the field.
  useEffect(() => list.current?.scrollTo(0, list.current.scrollHeight), [notes]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void addNote(desk, line, formValue(form, "text")).then((done) => done && (form.reset(), fetchAll()));
  };
  return (
    <Dialog title={t("notes")} close={() => desk.panel(null)}>
      <p class="big"><Name text={line} /></p>
      <p class="hint">{t("notes-says")}</p>
      <div class="notes-scroll" ref={list} tabIndex={0} role="group" aria-label={t("notes")}>
        {notes && <Notes notes={notes} />}
      </div>
      <form class="sheet-form" onSubmit={submit}>
        <Field label={t("new-note")}><textarea name="text" required maxLength={NOTE_LIMIT} rows={3} dir="auto" autofocus /></Field>
        <p class="actions"><button class="primary">{t("keep")}</button></p>
      </form>
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}

export function Notes({ notes }: { notes: readonly LineNote[] }): JSX.Element {
  if (notes.length === 0) return <p class="empty">{t("no-notes")}</p>;
  return (
    <ol class="notes">
      {notes.map((note, i) => (
        <li key={i}>
          <p class="row-head"><Time ms={note.at_ms} day /> <b dir="ltr">{note.initials}</b></p>
          <p class="text" dir="auto"><Hostile text={note.text} /></p>
        </li>
      ))}
    </ol>
  );
}
