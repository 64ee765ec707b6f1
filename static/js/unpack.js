// Unpack: starts a page of its own. The file contains the page's modules and kernels as compressed text. Each gets an
// address of this document, in an order in which the modules that it imports come first.
(async () => {
  const text = document.getElementById("content").textContent;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { modules, opening, main } = await new Response(stream).json();
  const addresses = {};
  const withAddresses = (source) => source.replace(/"module:([^"]+)"/g, (_, name) => JSON.stringify(addresses[name]));
  for (const [name, source] of modules) {
    addresses[name] = URL.createObjectURL(new Blob([withAddresses(source)], { type: "text/javascript" }));
  }
  const page = await import(addresses[main]);
  page.open(JSON.parse(withAddresses(JSON.stringify(opening))));
})().catch((error) => {
  const notice = document.getElementById("notice");
  notice.textContent = `This browser cannot show the page: ${error.message}. It needs a browser of 2023 or later.`;
  notice.hidden = false;
});
