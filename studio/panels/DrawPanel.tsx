import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Answer } from "../../src/studio/contract.ts";
import type { Actions } from "../actions.ts";
import { Bars } from "../controls/Bars.tsx";
import { Pictures } from "../controls/Pictures.tsx";
import { pictureOf } from "../state/pictureOf.ts";
import { dataset, problem, run, subjectNames, worth } from "../state/store.ts";

/** Pixels of the paper's side. */
const side = 140;
const pen = 12;

/** A drawing, or a test image, before the networks that were trained: what they see, and what each says. */
export function DrawPanel({ actions }: { actions: Actions }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const answer = useSignal<(Answer & { label?: number }) | undefined>(undefined);
  const last = useRef<readonly [number, number] | undefined>(undefined);
  const facts = dataset.value;
  const id = run.value?.id;
  // What networks of an earlier run said is no answer of this one's.
  useEffect(() => {
    answer.value = undefined;
  }, [id]);
  if (!facts) return null;
  const ready = worth.value.size > 0;
  const context = () => canvas.current!.getContext("2d", { willReadFrequently: true })!;
  const at = (event: PointerEvent): readonly [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [((event.clientX - box.left) * side) / box.width, ((event.clientY - box.top) * side) / box.height];
  };
  const stroke = (event: PointerEvent) => {
    if (!last.current) return;
    const [x, y] = at(event);
    const pencil = context();
    pencil.lineWidth = pen;
    pencil.lineCap = "round";
    pencil.strokeStyle = "white";
    pencil.beginPath();
    pencil.moveTo(...last.current);
    pencil.lineTo(x + 0.01, y);
    pencil.stroke();
    last.current = [x, y];
  };
  const ask = async () => {
    last.current = undefined;
    const { data } = context().getImageData(0, 0, side, side);
    const ink = Float32Array.from({ length: side * side }, (_, i) => data[4 * i]! / 255);
    answer.value = await actions.guessDrawing(ink, side);
  };
  const clear = () => {
    context().clearRect(0, 0, side, side);
    answer.value = undefined;
  };
  const pick = async () => {
    const count = facts.counts.test.reduce((a, b) => a + b, 0);
    answer.value = await actions.guessSample(Math.floor(Math.random() * count));
  };
  const ofFile = async (file: File | undefined) => {
    if (!file) return;
    const picture = await pictureOf(file, facts.shape);
    if (picture) answer.value = await actions.guessPicture(picture);
    else
      problem.value = { message: `${file.name} is no image that this browser reads`, hint: "choose a PNG or a JPEG" };
  };
  return (
    <section
      class="draw"
      aria-labelledby="draw-title"
      onDragOver={(event) => ready && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        ofFile(event.dataTransfer?.files[0]);
      }}
    >
      <h3 id="draw-title">{facts.drawn ? "Draw a digit" : "Ask about a test image"}</h3>
      {facts.drawn && (
        <canvas
          ref={canvas}
          width={side}
          height={side}
          class="paper"
          aria-label="Paper to draw a digit on with a pointer; a test image can be picked by keyboard below"
          role="img"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            last.current = at(event);
            stroke(event);
          }}
          onPointerMove={stroke}
          onPointerUp={() => ready && ask()}
        />
      )}
      <p>
        {facts.drawn && (
          <button type="button" onClick={clear}>
            clear
          </button>
        )}{" "}
        <button type="button" disabled={!ready} onClick={pick}>
          a test image
        </button>{" "}
        <label class={ready ? "button" : "button off"}>
          an image of yours
          <input
            type="file"
            class="hidden"
            accept="image/*"
            disabled={!ready}
            onChange={(event) => ofFile(event.currentTarget.files?.[0])}
          />
        </label>
      </p>
      {!ready && <p class="quiet">Networks answer once they are trained.</p>}
      {answer.value && <Guesses answer={answer.value} classes={facts.classes} />}
    </section>
  );
}

/** What the networks saw, and the likeliest classes of each. */
function Guesses({ answer, classes }: { answer: Answer & { label?: number }; classes: readonly string[] }) {
  return (
    <div class="guesses" aria-live="polite">
      <figure>
        <Pictures images={answer.seen} label="What the networks see" />
        <figcaption>what networks see{answer.label === undefined ? "" : `: a ${classes[answer.label]}`}</figcaption>
      </figure>
      {answer.guesses.map(({ subject, probabilities }) => (
        <Bars
          key={subject}
          caption={`trained on ${subjectNames[subject]}`}
          bars={[...probabilities.entries()]
            .sort(([, a], [, b]) => b - a)
            .slice(0, 3)
            .map(([c, p]) => ({ name: classes[c] ?? String(c), share: p, text: `${(100 * p).toFixed(0)} %` }))}
        />
      ))}
    </div>
  );
}
