// QR codes from this machine's camera and from pictures. What they show stays in the page.
import type { Pixels } from "../qr";
import { within } from "../state/card";

const LOOK_EVERY_MS = 150;
const FRAME_LIMIT = 1_280;
/** A photograph is looked at in two sizes: small codes need the larger one, noisy pictures the smaller. */
const PICTURE_LIMITS = [2_000, 900];

function pixelsOf(source: CanvasImageSource, width: number, height: number): Pixels {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** What the code in a picture says; null where it is no picture or holds none. */
export async function codeInPicture(file: Blob): Promise<string | null> {
  const { readCode } = await import("../qr");
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  try {
    for (const limit of PICTURE_LIMITS) {
      const { width, height } = within(picture.width, picture.height, limit);
      const said = readCode(pixelsOf(picture, width, height));
      if (said !== null) return said;
    }
    return null;
  } finally {
    picture.close();
  }
}

/** Shows the camera and tells every code that it sees, until what it returns is called: then the camera is off. */
export async function look(video: HTMLVideoElement, tell: (said: string) => void): Promise<() => void> {
  const { readCode } = await import("../qr");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: FRAME_LIMIT } } });
  video.srcObject = stream;
  video.play().catch(() => undefined);
  const timer = window.setInterval(() => {
    if (video.videoWidth === 0) return;
    const { width, height } = within(video.videoWidth, video.videoHeight, FRAME_LIMIT);
    const said = readCode(pixelsOf(video, width, height));
    if (said !== null) tell(said);
  }, LOOK_EVERY_MS);
  return () => {
    window.clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
