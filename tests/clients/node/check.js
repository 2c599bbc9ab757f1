// Prints a line for each check. The exit status is 1 if one failed.

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
