/** Takes the bytes of one literal as they come; `end` gives what stands for it in the response. */
export interface LiteralSink {
  write(chunk: Buffer): void;
  end(): Buffer;
}

/** One answer line of a server; each literal is replaced in `text` by `\0`, in the order of `literals`. */
export interface ImapResponse {
  readonly text: string;
  readonly literals: readonly Buffer[];
}

export type SinkFor = (textSoFar: string) => LiteralSink | undefined;

/** Cuts a byte stream into answers. Literals are never held whole unless no sink is given for them. */
export class ImapResponseReader {
  readonly #onResponse: (response: ImapResponse) => void;
  readonly #sinkFor: SinkFor;
  #line: Buffer[] = [];
  #text = '';
  #literals: Buffer[] = [];
  #sink: LiteralSink | undefined;
  #left = 0;

  constructor(onResponse: (response: ImapResponse) => void, sinkFor: SinkFor) {
    this.#onResponse = onResponse;
    this.#sinkFor = sinkFor;
  }

  push(data: Buffer): void {
    let rest = data;
    while (rest.length > 0)
      rest = this.#sink === undefined ? this.#readLine(rest) : this.#readLiteral(rest, this.#sink);
  }

  #readLine(data: Buffer): Buffer {
    const end = data.indexOf(0x0a);
    if (end === -1) {
      this.#line.push(Buffer.from(data));
      return Buffer.alloc(0);
    }
    const line = Buffer.concat([...this.#line, data.subarray(0, end)])
      .toString('latin1')
      .replace(/\r$/, '');
    this.#line = [];
    const literal = /\{(\d+)\+?\}$/.exec(line);
    if (literal === null) {
      const response = { text: this.#text + line, literals: this.#literals };
      this.#text = '';
      this.#literals = [];
      this.#onResponse(response);
    } else {
      this.#text += `${line.slice(0, literal.index)}\0`;
      this.#left = Number(literal[1]);
      this.#sink = this.#sinkFor(this.#text) ?? wholeLiteral();
      if (this.#left === 0) this.#endLiteral(this.#sink);
    }
    return data.subarray(end + 1);
  }

  #readLiteral(data: Buffer, sink: LiteralSink): Buffer {
    const part = data.subarray(0, this.#left);
    sink.write(part);
    this.#left -= part.length;
    if (this.#left === 0) this.#endLiteral(sink);
    return data.subarray(part.length);
  }

  #endLiteral(sink: LiteralSink): void {
    this.#literals.push(sink.end());
    this.#sink = undefined;
  }
}

function wholeLiteral(): LiteralSink {
  const chunks: Buffer[] = [];
  return {
    write: (chunk) => void chunks.push(Buffer.from(chunk)),
    end: () => Buffer.concat(chunks),
  };
}
