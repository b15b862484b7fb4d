/**
 * The body of an execution thread, as text: a thread started from text runs the same from sources, from the built package
 * and from a bundle. The text before it defines `ready`, a promise of `{ ort, options }` (ONNX Runtime's module and its
 * session options), and `send(message, transfer)`; it hands every message to `receive`. Messages: open {key, model},
 * run {key, feeds}, jobs {key, feeds, names, jobs, apart} (summed or apart; with `before` {key, feeds, names, runs, into}, whose
 * sums over `runs[j]` are fed to job j), close {key}. With a `prelude` {key}, that model's results join the feeds before the jobs.
 */
export const laneSource = `
const sessions = new Map();
const toOrt = (ort, t) => new ort.Tensor(t.dtype, t.data, t.shape);
const toOrts = (ort, feeds) => Object.fromEntries(Object.entries(feeds).map(([k, t]) => [k, toOrt(ort, t)]));
const picked = (all, names) => Object.fromEntries(names.filter((n) => n in all).map((n) => [n, all[n]]));
const sharedBy = async (ort, { feeds, inputNames, prelude }) => {
  const all = toOrts(ort, feeds);
  if (prelude) Object.assign(all, await sessions.get(prelude.key).run(picked(all, prelude.inputNames), prelude.outputNames));
  return picked(all, inputNames);
};
const runJobs = async (ort, { key, names: varying, outputNames: names }, all, jobs, apart, prepare) => {
  const session = sessions.get(key);
  const kept = [];
  for (const [j, job] of jobs.entries()) {
    await prepare?.(j);
    job.forEach((t, i) => { all[varying[i]] = toOrt(ort, t); });
    const results = await session.run(all, names);
    if (apart || kept.length === 0) {
      for (const n of names) kept.push({ data: results[n].data, shape: results[n].dims });
      continue;
    }
    names.forEach((n, k) => {
      const s = kept[k].data, t = results[n].data;
      for (let i = 0; i < s.length; i++) s[i] += t[i];
    });
  }
  return kept;
};
const handlers = {
  async open({ key, model }, { ort, options }) {
    sessions.set(key, await ort.InferenceSession.create(model, options));
    return {};
  },
  async run({ key, feeds, outputNames }, { ort }) {
    const results = await sessions.get(key).run(toOrts(ort, feeds), outputNames);
    return { outputs: outputNames.map((n) => ({ data: results[n].data, shape: results[n].dims })) };
  },
  async jobs({ jobs, apart, before, ...own }, { ort }) {
    const all = await sharedBy(ort, own);
    const first = before && (await sharedBy(ort, before));
    const feedSums = async (j) => {
      const sums = await runJobs(ort, before, first, before.runs[j], false);
      before.into.forEach((name, k) => {
        if (name) all[name] = new ort.Tensor("float32", sums[k].data, sums[k].shape);
      });
    };
    return { outputs: await runJobs(ort, own, all, jobs, apart, before && feedSums) };
  },
  async close({ key }) {
    const session = sessions.get(key);
    sessions.delete(key);
    await session?.release?.();
    return {};
  },
};
let tail = Promise.resolve();
const receive = (message) => {
  tail = tail.then(async () => {
    try {
      const reply = await handlers[message.kind](message, await ready);
      const buffers = (reply.outputs ?? []).map((o) => o.data.buffer);
      send({ id: message.id, ...reply }, [...new Set(buffers)]);
    } catch (error) {
      send({ id: message.id, error: String(error?.message ?? error), hint: error?.hint });
    }
  });
};
`;
