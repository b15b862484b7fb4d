/**
 * The body of an execution thread, as text: a thread started from text runs the same from sources and from the built
 * package. Messages: open {key, model}, run {key, feeds}, jobs {key, feeds, names, jobs, apart} (summed or apart), close {key}.
 */
export const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
const ort = require(workerData.runtime);
const sessions = new Map();
const options = {
  executionProviders: ["cpu"],
  intraOpNumThreads: workerData.intraOpThreads,
  interOpNumThreads: 1,
  graphOptimizationLevel: "basic",
  logSeverityLevel: 3,
};
const types = { float32: "float32", float64: "float64", int32: "int32", uint32: "uint32", bool: "bool" };
const toOrt = (t) => new ort.Tensor(types[t.dtype], t.data, t.shape);
const toOrts = (feeds) => Object.fromEntries(Object.entries(feeds).map(([k, t]) => [k, toOrt(t)]));
const handlers = {
  async open({ key, model }) {
    sessions.set(key, await ort.InferenceSession.create(model, options));
    return {};
  },
  async run({ key, feeds, outputNames }) {
    const results = await sessions.get(key).run(toOrts(feeds), outputNames);
    return { outputs: outputNames.map((n) => ({ data: results[n].data, shape: results[n].dims })) };
  },
  async jobs({ key, feeds, names: varying, jobs, apart, outputNames: names }) {
    const session = sessions.get(key);
    const all = toOrts(feeds);
    const kept = [];
    for (const job of jobs) {
      job.forEach((t, i) => { all[varying[i]] = toOrt(t); });
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
    return { outputs: kept };
  },
  async close({ key }) {
    const session = sessions.get(key);
    sessions.delete(key);
    await session?.release?.();
    return {};
  },
};
let tail = Promise.resolve();
parentPort.on("message", (message) => {
  tail = tail.then(async () => {
    try {
      const reply = await handlers[message.kind](message);
      const buffers = (reply.outputs ?? []).map((o) => o.data.buffer);
      parentPort.postMessage({ id: message.id, ...reply }, [...new Set(buffers)]);
    } catch (error) {
      parentPort.postMessage({ id: message.id, error: String(error?.message ?? error) });
    }
  });
});
`;
