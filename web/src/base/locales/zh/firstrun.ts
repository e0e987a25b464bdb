import type { FirstRunTexts } from '../en/firstrun';

export const firstrun: FirstRunTexts = {
  title: '让我开口说话',
  lead: '在终端里运行下面任意一段，我马上就会在这里说出来。',
  tabs: '示例语言',
  copy: '复制',
  copied: '已复制',
  copyFailed: '请按 Ctrl+C',
  code: '示例代码',
  runCurl: '粘贴到终端里运行。',
  runPowerShell: '粘贴到 PowerShell 里运行。',
  runPython: '保存为 hello.py，然后运行：{python} hello.py',
  runCSharp: '保存为 hello.cs，然后运行：dotnet run hello.cs',
  socket: '也可以用 WebSocket 发送同样的 JSON：',
  hello: '你好！很高兴见到你。',
};
