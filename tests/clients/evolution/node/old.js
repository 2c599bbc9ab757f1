// Prints what an old client read: each text of a product on a line. An error ends the client, and its name is printed.

export async function printTexts(read) {
  try {
    for (const text of await read(process.argv[2])) console.log(text);
    process.exit(0);
  } catch (error) {
    console.error(`${error.name}: ${error.message}`);
    process.exit(1);
  }
}
