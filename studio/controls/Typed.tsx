import { useSignal } from "@preact/signals";

interface TypedProps {
  id: string;
  type: "text" | "number";
  value: string;
  commit: (text: string) => void;
  min?: number;
  max?: number;
  step?: number | "any";
  size?: number;
  placeholder?: string;
}

/**
 * A field that a person types into. What is typed stays as it is while the page changes around it, and counts when the field is left or
 * Enter is pressed.
 */
export function Typed({ type, value, commit, ...rest }: TypedProps) {
  const draft = useSignal<string | undefined>(undefined);
  const left = (event: { currentTarget: HTMLInputElement }) => {
    const typed = draft.value;
    draft.value = undefined;
    if (typed !== undefined && typed !== value) commit(event.currentTarget.value);
  };
  const shared = {
    ...rest,
    value: draft.value ?? value,
    onInput: (event: { currentTarget: HTMLInputElement }) => {
      draft.value = event.currentTarget.value;
    },
    onChange: left,
    onBlur: left,
  };
  return type === "number" ? <input type="number" {...shared} /> : <input type="text" {...shared} />;
}
