import type { FirstRunTexts } from '../en/firstrun';

export const firstrun: FirstRunTexts = {
  title: 'しゃべらせてみよう',
  lead: 'どれかひとつをターミナルで実行すると、すぐここで話します。',
  tabs: 'サンプルの言語',
  copy: 'コピー',
  copied: 'コピー済み',
  copyFailed: 'Ctrl+C で',
  code: 'サンプルコード',
  runCurl: 'ターミナルに貼り付けて実行',
  runPowerShell: 'PowerShell に貼り付けて実行',
  runPython: 'hello.py に保存し、{python} hello.py を実行',
  runCSharp: 'hello.cs に保存し、dotnet run hello.cs を実行',
  socket: '同じ JSON を WebSocket で送ることもできます：',
  hello: 'こんにちは！はじめまして。',
};
