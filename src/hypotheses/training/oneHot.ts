import { AttarError, Tensor } from "../../engine/index.ts";

/**
 * Class indices as rows of zeros with a one: [n] to [n, K].
 *
 * @throws AttarError "label-out-of-range".
 */
export function oneHot(labels: Int32Array, classes: number): Tensor {
  const data = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    if (label < 0 || label >= classes)
      throw new AttarError("label-out-of-range", `label ${label} of image ${i} is not one of ${classes} classes`);
    data[i * classes + label] = 1;
  });
  return new Tensor(data, [labels.length, classes], "float32");
}

/** The same rows less 1/K, the targets of the kernel methods. */
export function centredOneHot(labels: Int32Array, classes: number): Tensor {
  const data = (oneHot(labels, classes).data as Float32Array).map((v) => v - 1 / classes);
  return new Tensor(data, [labels.length, classes], "float32");
}
