import * as vscode from 'vscode';

/** Lets a person pick one of the samples that come with the extension and opens a copy of it to play with. */
export async function openSample(extensionUri: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'media', 'samples');
  const files = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).filter((name) => name.endsWith('.yaml'));
  const items = await Promise.all(
    files.sort().map(async (name) => {
      const content = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name))).toString('utf8');
      return { label: `$(file-code) ${name}`, description: /^# (.*)$/m.exec(content)?.[1] ?? '', content };
    }),
  );
  const choice = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open a sample manifest'),
    placeHolder: vscode.l10n.t('Then choose Apply above a document'),
  });
  if (choice === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: choice.content });
  await vscode.window.showTextDocument(document);
}
