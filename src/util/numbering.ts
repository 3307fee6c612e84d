/** The number of a thing in a table that grows: its old one, or the next. Numbers begin with 0. */
export function numberIn<Thing>(numbers: Map<Thing, number>, thing: Thing): number {
  let number = numbers.get(thing);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(thing, number);
  }
  return number;
}
