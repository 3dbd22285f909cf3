export function parquetMetadata(bytes: ArrayBuffer): { num_rows: bigint };
export function parquetReadObjects(options: { file: ArrayBuffer }): Promise<Record<string, unknown>[]>;
