/** Variables as they are typed: their value, or what is wrong with them. */
export function parsed(text) {
  if (!text.trim()) return { value: {} };
  try {
    const value = JSON.parse(text);
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
    return isObject ? { value } : { problem: "an object is wanted" };
  } catch (error) {
    return { problem: error.message };
  }
}
