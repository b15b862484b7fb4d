import { AttarError, nearest } from "../engine/errors.ts";
import { advKip } from "./advKip.ts";
import { bptt } from "./bptt.ts";
import { cafe } from "./cafe.ts";
import { cep } from "./cep.ts";
import { cfm } from "./cfm.ts";
import { herding, kcenter, kmeans, mfc, random } from "./coresets.ts";
import { d4m } from "./d4m.ts";
import { datadam } from "./datadam.ts";
import { dc } from "./dc.ts";
import { dcc } from "./dcc.ts";
import { dcgm } from "./dcgm.ts";
import { dim } from "./dim.ts";
import { dm } from "./dm.ts";
import { dpCfm } from "./dpCfm.ts";
import { dpDm } from "./dpDm.ts";
import { dpMerf } from "./dpMerf.ts";
import { dream } from "./dream.ts";
import { dreamPlus } from "./dreamPlus.ts";
import { dsa } from "./dsa.ts";
import { esp } from "./esp.ts";
import { frepo } from "./frepo.ts";
import { glad } from "./glad.ts";
import { gladDc } from "./gladDc.ts";
import { gladMtt } from "./gladMtt.ts";
import { guard } from "./guard.ts";
import { haba } from "./haba.ts";
import { idc } from "./idc.ts";
import { idm } from "./idm.ts";
import { itGan } from "./itGan.ts";
import { itGanGradient } from "./itGanGradient.ts";
import { kip } from "./kip.ts";
import { lcmat } from "./lcmat.ts";
import { ld3m } from "./ld3m.ts";
import { m3d } from "./m3d.ts";
import type { Method } from "./method.ts";
import { mfcLearned } from "./mfcLearned.ts";
import { minimax } from "./minimax.ts";
import { mtt } from "./mtt.ts";
import { nsd } from "./nsd.ts";
import { psg } from "./psg.ts";
import { ratBptt } from "./ratBptt.ts";
import { rcig } from "./rcig.ts";
import { rfad } from "./rfad.ts";
import { robdc } from "./robdc.ts";
import { sinkhorn } from "./sinkhorn.ts";
import { teddy } from "./teddy.ts";
import { wmdd } from "./wmdd.ts";

/** Every method, in the order tables list them. */
export const methods: readonly Method[] = [
  dm,
  idm,
  datadam,
  dc,
  dsa,
  dcc,
  lcmat,
  esp,
  teddy,
  idc,
  cep,
  dream,
  dreamPlus,
  m3d,
  wmdd,
  guard,
  sinkhorn,
  cfm,
  mfcLearned,
  itGan,
  itGanGradient,
  glad,
  gladDc,
  dim,
  dcgm,
  ld3m,
  minimax,
  bptt,
  ratBptt,
  robdc,
  mtt,
  nsd,
  haba,
  gladMtt,
  cafe,
  kip,
  advKip,
  rfad,
  frepo,
  rcig,
  dpDm,
  dpCfm,
  dpMerf,
  psg,
  random,
  herding,
  kcenter,
  kmeans,
  mfc,
  d4m,
];

/** @throws AttarError for an unknown name. */
export function methodNamed(name: string): Method {
  const found = methods.find((m) => m.name === name);
  if (found) return found;
  const names = methods.map((m) => m.name);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-method",
    `unknown method "${name}"`,
    guess ? `did you mean "${guess}"?` : `see attar methods: ${names.join(", ")}`,
  );
}

export { type BibtexEntry, bibtexEntry, bibtexKey, bibtexText } from "./bibtex.ts";
export { describe, type MethodDescription, storageOf } from "./describe.ts";
export {
  type BilevelMethod,
  type Citation,
  type CoresetMethod,
  isBilevel,
  isCoreset,
  isMatch,
  type Match,
  type MatchMethod,
  type Method,
  type None,
  type Objective,
  type Part,
  type Solve,
  type Term,
} from "./method.ts";
export { type Family, rowOf, type TableRow, table4, trickSigns } from "./table4.ts";
export {
  advKip,
  bptt,
  cafe,
  cep,
  cfm,
  datadam,
  dc,
  dcc,
  dcgm,
  dim,
  dm,
  dpCfm,
  dpDm,
  dpMerf,
  dream,
  dreamPlus,
  dsa,
  esp,
  frepo,
  glad,
  gladDc,
  gladMtt,
  guard,
  haba,
  herding,
  idc,
  idm,
  itGan,
  itGanGradient,
  kcenter,
  kip,
  kmeans,
  lcmat,
  m3d,
  mfc,
  mfcLearned,
  mtt,
  nsd,
  psg,
  random,
  ratBptt,
  rcig,
  rfad,
  robdc,
  sinkhorn,
  teddy,
  wmdd,
};
