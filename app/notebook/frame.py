"""Frame: the page inside the output of a notebook, with a link that opens it in a tab of its own."""

import html
import json
import os
import secrets
import sys

from cliffscape.app.notebook.token_path import PROBE
from cliffscape.landscapes.bound_error import BoundError

# The environment variable that JupyterHub sets: the path of the user's own Jupyter server.
HUB_PREFIX = "JUPYTERHUB_SERVICE_PREFIX"
PORT = "{port}"
BORDERLESS = "border: 0; width: 100%; display: block"
# Where the browser reaches the server depends on the machine that the browser runs on, so the browser finds out. Colab
# has a function for it. A Jupyter page that comes from another machine, or from this one while nothing answers there,
# is one whose server may pass requests on (jupyter-server-proxy).
SCRIPT = """
(async () => {
  const [frame, link] = ["frame", "link"].map((name) => document.getElementById(`cliffscape-${name}-ID`));
  const {port, path, probe} = PLACE;
  const show = (address) => { link.href = frame.src = address; };
  const colab = globalThis.google?.colab?.kernel;
  if (colab) return show(new URL(path, await colab.proxyPort(port, {cache: true})).href);
  const config = document.getElementById("jupyter-config-data");
  const base = config ? JSON.parse(config.textContent).baseUrl : document.body.dataset.baseUrl;
  if (!base) return;
  const near = /^(localhost|.*\\.localhost|127\\.[\\d.]+|\\[::1\\])$/.test(location.hostname);
  const answers = () => fetch(probe, {mode: "no-cors"}).then(() => true, () => false);
  if (!near || !(await answers())) show(`${base.replace(/\\/$/, "")}/proxy/${port}${path}`);
})();
"""


def proxied_address(proxy: str | None, port: int, path: str) -> str | None:
    """The address through a proxy that is known here; None if the browser has to find it.

    ``proxy`` is an address with ``{port}`` in the place of the port, such as ``/proxy/{port}/``. By default it is the
    environment variable CLIFFSCAPE_PROXY, or that of a JupyterHub.

    Raises:
        BoundError: the address has no place for the port.
    """
    hub = os.environ.get(HUB_PREFIX)
    chosen = proxy or os.environ.get("CLIFFSCAPE_PROXY") or (f"{hub.rstrip('/')}/proxy/{PORT}/" if hub else "")
    if not chosen:
        return None
    if PORT not in chosen:
        raise BoundError("proxy", chosen, f"an address with {PORT} in the place of the port")
    return chosen.replace(PORT, str(port)).rstrip("/") + path


def in_marimo() -> bool:
    """Whether outputs of this process are shown by marimo."""
    marimo = sys.modules.get("marimo")
    return bool(marimo and marimo.running_in_notebook())


def frame_html(url: str, path: str, port: int, height: int, proxied: str | None) -> str:
    """The HTML of a frame with the page at ``url``; ``path`` is the part of it after the port.

    ``proxied`` is the address through a known proxy. Without one, a script replaces the address where it is another.
    Marimo would put HTML with a script into a small frame of its own, and has none of the places that the script knows.
    """
    identity = secrets.token_hex(6)
    # Colab's machine is never the browser's.
    address = html.escape(proxied or ("about:blank" if "google.colab" in sys.modules else url))
    frame = f'<iframe id="cliffscape-frame-{identity}" src="{address}" title="Cliffscape" height="{height}"'
    link = f'<a id="cliffscape-link-{identity}" href="{address}" target="_blank" rel="noopener">Open in a new tab</a>'
    # JSON may hold "</script>" only inside a string, where the escape is the same text.
    probe = url.partition("?")[0] + PROBE
    place = json.dumps({"port": port, "path": path, "probe": probe}).replace("<", "\\u003c")
    script = f"<script>{SCRIPT.replace('ID', identity).replace('PLACE', place)}</script>"
    script = "" if proxied or in_marimo() else script
    return f'<div>{frame} style="{BORDERLESS}" allow="fullscreen"></iframe>{link}{script}</div>'
