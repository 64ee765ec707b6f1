// Unpack: starts a page of its own. The file contains the page's scripts and kernels as compressed text. Each gets an
// address of this document.

/** The address of a script. */
function publish(source) {
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}

/** The addresses of scripts `[name, source]`, by name. */
function publishAll(scripts) {
  return Object.fromEntries(scripts.map(([name, source]) => [name, publish(source)]));
}

/**
 * Runs in a worker, which cannot import from addresses of a document on a disk. So it publishes its script itself, and
 * the kernels whose addresses of the document are in its messages.
 */
function startWorker({ script, kernels }) {
  const own = publishAll(kernels);
  const withOwn = (named) => Object.fromEntries(Object.entries(named).map(([name, address]) => [name, own[address]]));
  const started = import(publish(script));
  addEventListener("message", async (event) => {
    // Those that are dispatched below.
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    await started;
    const { addresses: named = {}, ...rest } = event.data;
    dispatchEvent(new MessageEvent("message", { data: { ...rest, addresses: withOwn(named) } }));
  });
}

/** The text of a script that starts another in a worker. */
function workerScript(task) {
  return `${publish}\n${publishAll}\n${startWorker}\nstartWorker(${JSON.stringify(task)});`;
}

async function readContent(element) {
  const bytes = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

async function unpack() {
  const { main, scripts, kernels, opening } = await readContent(document.getElementById("content"));
  const addresses = publishAll(kernels);
  const addressed = kernels.map(([name, source]) => [addresses[name], source]);
  const find = {
    kernel: (name) => addresses[name],
    script: (name) => publish(scripts[name]),
    worker: (name) => publish(workerScript({ script: scripts[name], kernels: addressed })),
  };
  const link = (text) => text.replace(/"(kernel|script|worker):([^"]+)"/g, (_, kind, name) => `"${find[kind](name)}"`);
  const page = await import(publish(link(scripts[main])));
  page.needModule(main).open(JSON.parse(link(JSON.stringify(opening))));
}

unpack().catch((error) => {
  const notice = document.getElementById("notice");
  notice.textContent = `This browser cannot show the page: ${error.message}. It needs a browser of 2023 or later.`;
  notice.hidden = false;
});
