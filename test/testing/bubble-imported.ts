export const failuresRead: boolean = true
