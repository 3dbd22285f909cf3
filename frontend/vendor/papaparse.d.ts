export const Papa: { parse(text: string, options: object): { data: string[][]; errors: { type: string; message: string; row?: number }[] } };
