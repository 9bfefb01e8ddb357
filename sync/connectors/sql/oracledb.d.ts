/** The little of oracledb (which comes without types) that is called. */
declare module 'oracledb' {
  export type Metadata = {
    readonly name: string
    /** `TIMESTAMP WITH TIME ZONE` */
    readonly dbType: { readonly columnTypeName: string }
  }

  export type ResultSet = {
    readonly metaData: readonly Metadata[]
    getRows(count: number): Promise<unknown[][]>
    close(): Promise<void>
  }

  export type ExecuteOptions = {
    readonly resultSet?: boolean
    readonly autoCommit?: boolean
    readonly prefetchRows?: number
    readonly fetchArraySize?: number
    readonly fetchTypeHandler?: (
      metadata: Metadata,
    ) => { type?: unknown; converter?: (value: unknown) => unknown } | undefined
  }

  export type Connection = {
    /** Milliseconds for one call. */
    callTimeout: number
    execute(
      sql: string,
      values: readonly (string | Buffer | null)[],
      options: ExecuteOptions,
    ): Promise<{ readonly resultSet?: ResultSet; readonly rowsAffected?: number }>
    close(options?: { drop: boolean }): Promise<void>
  }

  const oracledb: {
    readonly DB_TYPE_VARCHAR: unknown
    readonly DB_TYPE_RAW: unknown
    getConnection(options: {
      readonly user?: string
      readonly password?: string
      readonly connectString: string
      /** Seconds. */
      readonly transportConnectTimeout?: number
      readonly walletContent?: string
    }): Promise<Connection>
  }
  export default oracledb
}
