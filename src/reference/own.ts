/** The member of that name, and nothing that every object has from birth, such as `constructor`. */
export function own<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}
