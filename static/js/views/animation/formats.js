// Formats: which files of an animation a browser can make.

/** Formats that need an encoder of the browser, by the ending of the file. */
export const VIDEOS = {
  webm: {
    name: "WebM",
    type: "video/webm",
    container: "WebMOutputFormat",
    codecs: ["vp9", "vp8"],
    // Of VP9 and of VP8, as browsers name them.
    probes: ["vp09.00.50.08", "vp8"],
    softwareTag: "ENCODER",
  },
  mp4: {
    name: "MP4",
    type: "video/mp4",
    container: "Mp4OutputFormat",
    codecs: ["avc"],
    // H.264, high profile.
    probes: ["avc1.640033"],
    softwareTag: "©too",
  },
};
const SIZE = { width: 1856, height: 1024 }; // about the largest animation

async function canEncode(codec) {
  try {
    const { supported } = await VideoEncoder.isConfigSupported({ codec, ...SIZE });
    return supported;
  } catch {
    return false;
  }
}

/** The video formats that this browser cannot make. @returns {Promise<string[]>} */
export async function missingFormats() {
  const formats = Object.keys(VIDEOS);
  if (typeof VideoEncoder === "undefined") return formats;
  const found = await Promise.all(
    formats.map(async (format) => (await Promise.all(VIDEOS[format].probes.map(canEncode))).some(Boolean)),
  );
  return formats.filter((_, k) => !found[k]);
}

/** Why formats are missing, in a sentence; empty if none is. */
export function missingText(formats) {
  if (!formats.length) return "";
  const names = formats.map((format) => VIDEOS[format].name).join(" or ");
  const reason = isSecureContext ? "" : " on pages without https";
  return `This browser cannot make ${names} files${reason}.`;
}
