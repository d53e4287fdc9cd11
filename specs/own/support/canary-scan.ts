import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Every way in which a text may stand in a file, by name. Not what hides secrets, but an opinion of its own. */
export const FORMS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'URL-encoded': encodeURIComponent,
  'URL-encoded in small letters': (text) => encodeURIComponent(text).replace(/%../g, (hex) => hex.toLowerCase()),
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1),
  'in HTML': (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  ...Object.fromEntries(
    [0, 1, 2].flatMap((shift) =>
      (['base64', 'base64url'] as const).map((kind) => [`in ${kind} after ${shift}`, shifted(kind, shift)]),
    ),
  ),
};

/** What Base64 makes of a text alone, where so many bytes stand before it. */
function shifted(kind: 'base64' | 'base64url', shift: number): (text: string) => string {
  return (text) => {
    const bytes = Buffer.from('\0'.repeat(shift) + text);
    const end = Math.floor((bytes.length * 8) / 6);
    return bytes.toString(kind).slice(Math.ceil((shift * 8) / 6), end);
  };
}

/** Which of the texts stand in files under a folder, in any form, and where: archives are opened, and pages that hold one. */
export function scan(folder: string, texts: Record<string, string>): string[] {
  const needles = Object.entries(texts).flatMap(([name, text]) => {
    const forms = Object.entries(FORMS).map(([form, make]) => ({ says: `${name} ${form}`, needle: make(text) }));
    return forms.filter(({ needle }, at) => forms.findIndex((one) => one.needle === needle) === at);
  });
  return [...filesOf(folder)].flatMap(([place, bytes]) =>
    needles
      .filter(({ needle }) => bytes.includes(needle))
      .map(({ says }) => `${path.relative(folder, place)}: ${says}`),
  );
}

/** How many files, those in archives counted too, are looked at. */
export function filesOf(folder: string): [place: string, bytes: Buffer][] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? filesOf(file) : opened(file, readFileSync(file));
  });
}

/** A file, and what is in it. */
function opened(place: string, bytes: Buffer): [string, Buffer][] {
  const inside = bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004' ? unzip(bytes) : embedded(bytes);
  return [[place, bytes], ...inside.flatMap(([name, one]) => opened(`${place}!${name}`, one))];
}

/** What a page or a JSON file holds in Base64, such as the data of Playwright's HTML report, or an attachment. */
function embedded(bytes: Buffer): [string, Buffer][] {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(/(?<=base64,|"(?:body|base64)":\s*")[A-Za-z0-9+/=]{16,}/g)];
  return found.map(([one], at) => [String(at), Buffer.from(one, 'base64')]);
}

/** The files of a ZIP archive, by its central directory (APPNOTE.TXT, 4.3.12). */
function unzip(bytes: Buffer): [string, Buffer][] {
  const end = bytes.lastIndexOf('PK\u0005\u0006');
  let at = bytes.readUInt32LE(end + 16);
  return Array.from({ length: bytes.readUInt16LE(end + 10) }, () => {
    const [size, length, extra, comment] = [20, 28, 30, 32].map((field) =>
      field === 20 ? bytes.readUInt32LE(at + field) : bytes.readUInt16LE(at + field),
    ) as [number, number, number, number];
    const name = bytes.toString('utf8', at + 46, at + 46 + length);
    const head = bytes.readUInt32LE(at + 42);
    const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
    const data = bytes.subarray(from, from + size);
    const stored = bytes.readUInt16LE(at + 10) === 0;
    at += 46 + length + extra + comment;
    return [name, stored ? data : inflateRawSync(data)];
  });
}

/** A ZIP archive of one file, as far as it is read here. */
export function zipOf(name: string, text: Buffer): Buffer {
  const data = deflateRawSync(text);
  const head = Buffer.alloc(30);
  head.write('PK\u0003\u0004', 'latin1');
  head.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.write('PK\u0001\u0002', 'latin1');
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(data.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(head.length + name.length + data.length, 16);
  return Buffer.concat([head, Buffer.from(name), data, entry, Buffer.from(name), end]);
}
