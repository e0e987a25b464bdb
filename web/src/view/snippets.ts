/** Where a snippet sends its message, and what it says. */
export interface SnippetTarget {
  /** Address of the page's root, with a closing slash. */
  readonly root: string;
  readonly channel: string;
  readonly hello: string;
}

export type SnippetName = 'curl' | 'powershell' | 'python' | 'csharp';

/** A program that runs as it stands on a machine with nothing but the language's own tools. */
export function snippet(name: SnippetName, { root, channel, hello }: SnippetTarget): string {
  const url = `${root}api/messages`;
  const fields = messageOf(channel, hello);
  const json = JSON.stringify(fields, null, 2);
  switch (name) {
    case 'curl':
      return [
        `curl '${url}' \\`,
        "  -H 'Content-Type: application/json' \\",
        `  -d '${indent(json, '  ').replaceAll("'", String.raw`'\''`)}'`,
      ].join('\n');
    case 'powershell':
      return [
        `Invoke-RestMethod '${url}' -Method Post \``,
        "  -ContentType 'application/json; charset=utf-8' `",
        `  -Body '${indent(json, '  ').replaceAll("'", "''")}'`,
      ].join('\n');
    case 'python':
      return [
        'import json',
        'from urllib.request import Request, urlopen',
        '',
        'message = {',
        ...Object.entries(fields).map(([key, value]) => `    "${key}": ${JSON.stringify(value)},`),
        '}',
        'request = Request(',
        `    "${url}",`,
        '    json.dumps(message).encode(),',
        '    {"Content-Type": "application/json"},',
        ')',
        'print(urlopen(request).read().decode())',
      ].join('\n');
    case 'csharp':
      return [
        'using System.Text;',
        '',
        'var json = """',
        `    ${indent(json, '    ')}`,
        '    """;',
        'using var http = new HttpClient();',
        'var answer = await http.PostAsync(',
        `    "${url}",`,
        '    new StringContent(json, Encoding.UTF8, "application/json"));',
        'Console.WriteLine(await answer.Content.ReadAsStringAsync());',
      ].join('\n');
  }
}

/** The same message as one line for any WebSocket client. */
export const socketLine = ({ channel, hello }: SnippetTarget): string => JSON.stringify(messageOf(channel, hello));

/** The address a program outside the browser connects to. */
export const socketAddress = ({ root }: SnippetTarget): string => root.replace(/^http/, 'ws');

const messageOf = (channel: string, content: string) =>
  ({ type: 'llm_response', content, duration: 8000, ...(channel === 'default' ? {} : { channel }) });

const indent = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`);
