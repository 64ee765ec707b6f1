// QR code: a link as a picture that the server draws, small in the panel and large for a projector.

import { make, setText } from "../elements/dom.js";
import { isLoopback } from "./shared_address.js";

const TYPED = 80; // characters of an address that a class can type
const ALONE = "Only this machine can open it.";
const LOST = "There is no QR code, because the server cannot be reached.";

/** Why the server draws no code, as a sentence. */
async function refusal(source) {
  try {
    return (await (await fetch(source)).json()).detail;
  } catch {
    return LOST;
  }
}

/**
 * What a projector shows of an address: all of a short one, and of another one only the server, since nobody types it and it
 * may have the answer to its question.
 */
export function shownAddress(address) {
  const { origin, searchParams } = new URL(address);
  const typed = address.length <= TYPED && !searchParams.has("ask.answer");
  return typed ? address : `${origin}/…`;
}

/** The code over the whole window, with its address in large type. */
function largeCode() {
  const picture = make("img", { alt: "" });
  const [address, alone] = [make("p", {}), make("p", { className: "alone", hidden: true }, ALONE)];
  const close = make("button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, "×");
  const dialog = make("dialog", { id: "qr-large", className: "qr-large", "aria-label": "QR code of the link" });
  dialog.append(close, picture, address, alone);
  // A press anywhere closes it.
  dialog.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  return {
    show(source, text) {
      picture.src = source;
      picture.alt = `QR code of ${text}`;
      address.textContent = shownAddress(text);
      alone.hidden = !isLoopback(text);
      dialog.showModal();
    },
  };
}

export function qrCode() {
  const picture = make("img", { alt: "", width: 160, height: 160 });
  const words = make("span", {}, "Show large");
  const button = make("button", { type: "button", id: "qr-show", onclick: enlarge }, picture, words);
  const problem = make("p", { id: "qr-problem", className: "problem", role: "alert" });
  let shown = "";
  let large = null;

  function enlarge() {
    // A popover that is open would be above the dialog's backdrop, but below the dialog.
    button.closest("[popover]")?.hidePopover();
    (large ??= largeCode()).show(picture.src, shown);
  }

  picture.addEventListener("error", async () => {
    button.hidden = true;
    setText(problem, await refusal(picture.src));
  });

  return {
    elements: [button, problem],
    /** Show the code of an address; none while there is no link. */
    sync(address) {
      if (address === shown) return;
      shown = address;
      button.hidden = !address;
      setText(problem, "");
      if (!address) return;
      picture.alt = `QR code of ${address}`;
      picture.src = `qr.svg?text=${encodeURIComponent(address)}`;
    },
  };
}
