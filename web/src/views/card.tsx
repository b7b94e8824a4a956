// A card between two desks: ours as a QR code, theirs from the camera, from a picture of it, or from its file.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { codeInPicture, look } from "../api/camera";
import { cardIn, outline } from "../state/card";
import { t } from "../words/words";
import { Field } from "./parts";

const CARD_FILE_LIMIT = 64 * 1024;
/** A photograph of a camera's full size; a picture is decoded whole before its size is known. */
const PICTURE_FILE_LIMIT = 16 * 1024 * 1024;

export function CardCode({ card }: { card: string }): JSX.Element | null {
  const [modules, set] = useState<boolean[][] | null>(null);
  useEffect(() => void import("../qr").then(({ modulesOf }) => set(modulesOf(card))), [card]);
  if (modules === null) return null;
  return (
    <svg class="card-code" viewBox={`0 0 ${modules.length} ${modules.length}`} shape-rendering="crispEdges" role="img" aria-label={t("card-code")}>
      <rect class="ground" width="100%" height="100%" />
      <path d={outline(modules)} />
    </svg>
  );
}

type Seen = "nothing" | "card" | "another" | "no-code" | "no-camera";

/** Whatever is found goes to `take`; nothing is accepted by it. */
export function TheirCard({ take }: { take: (card: string) => void }): JSX.Element {
  const [seen, say] = useState<Seen>("nothing");
  const [on, turn] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const told = (said: string): void => {
    const card = cardIn(said);
    say(card === null ? "another" : "card");
    if (card === null) return;
    turn(false);
    take(card);
  };
  useEffect(() => {
    if (!on) return;
    let over = false;
    let stop = (): void => undefined;
    look(video.current!, (said) => !over && told(said)).then(
      (end) => (over ? end() : (stop = end)),
      () => !over && (turn(false), say("no-camera")),
    );
    return () => {
      over = true;
      stop();
    };
  }, [on]);
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    say("nothing");
    if (file.type.startsWith("image/")) {
      const said = file.size <= PICTURE_FILE_LIMIT ? await codeInPicture(file) : null;
      if (said === null) say("no-code");
      else told(said);
    } else if (file.size <= CARD_FILE_LIMIT) {
      take(await file.text());
    } else {
      say("another");
    }
  };
  return (
    <div class="their-card">
      <p class="actions">
        <button type="button" aria-pressed={on} onClick={() => { say("nothing"); turn(!on); }}>{t(on ? "camera-off" : "camera-scan")}</button>
      </p>
      {on && <video ref={video} muted playsInline aria-label={t("camera-says")} />}
      {on && <p class="hint">{t("camera-says")}</p>}
      <p role="status" class={seen === "card" ? "" : "needs"}>{seen !== "nothing" && t(`seen-${seen}`)}</p>
      <Field label={t("from-file")}><input type="file" onChange={(e) => void read(e.currentTarget.files?.[0])} /></Field>
    </div>
  );
}
