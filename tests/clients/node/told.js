// How does a script tell what it checked? A line for each check; the exit status says whether any failed.

export const address = process.argv[2];

export async function check(what, test) {
  try {
    await test();
    console.log(`ok    ${what}`);
  } catch (problem) {
    process.exitCode = 1;
    console.log(`FAIL  ${what}\n${problem.stack ?? problem}`);
  }
}
