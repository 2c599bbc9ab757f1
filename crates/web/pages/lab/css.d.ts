// esbuild takes the style sheets out of the program.
declare module "*.css";
