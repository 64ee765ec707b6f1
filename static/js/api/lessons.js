// Lessons: each is fetched when it is needed, and only once. The address contains a hash of the content, so the answer
// never changes.

/** @param {string} address where the lessons are */
export function lessonCollection(address) {
  const held = new Map();

  async function fetchLesson(name) {
    const answer = await fetch(`${address}/${encodeURIComponent(name)}.json`);
    if (!answer.ok) throw new Error("This lesson no longer exists. Reload the page to see the current list.");
    return answer.json();
  }

  return {
    put: (lesson) => held.set(lesson.name, Promise.resolve(lesson)),
    /** @returns {Promise<any>} */
    get(name) {
      if (!held.has(name)) {
        const coming = fetchLesson(name);
        // After a failure, the next call requests the lesson again.
        coming.catch(() => held.delete(name));
        held.set(name, coming);
      }
      return held.get(name);
    },
  };
}
