// How far apart two datasets are, in a program: node examples/measure.mjs (after npm run build)
import { measure, mlp } from "attar";

const discrepancies = ["mmd", "moments", "characteristic", "generalization"];
const options = { discrepancies, network: mlp({ width: 32 }), seed: 0 };

for (const other of ["digits:test", "random:10", "herding:10", "digits:test+noise=1"]) {
  const { values } = await measure("digits:train", other, options);
  const figures = discrepancies.map((name) => `${name} ${values[name].value.toPrecision(3)}`);
  console.log(`${other.padEnd(20)} ${figures.join("   ")}`);
}
