// Keeps the site for visits without a network. The build fills in the version and the names of the files; a new version is kept beside the old
// one until it is whole, and the old one goes.
const version = "the version";
const files = ["the files"];
const cacheName = `attar-studio-${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const gone = (name) => name.startsWith("attar-studio-") && name !== cacheName;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(gone).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The network first, so that a new release is seen; what was kept where there is none.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(
    fetch(request)
      .then(async (response) => {
        if (response.ok) await (await caches.open(cacheName)).put(request, response.clone());
        return response;
      })
      .catch(async () => {
        const kept = await caches.match(request, { ignoreSearch: true, cacheName });
        return kept ?? Response.error();
      }),
  );
});
